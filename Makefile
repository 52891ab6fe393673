# Everything that can be done with the course, one target each. The environment is .venv; `make` alone lists the targets.
PY := .venv/bin/python
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help book serve lite test test-lite science lint format exercises solutions assign data bench references font lock publish-check clean

help:  ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

book:  ## build the site into _build/html
	@sh .ci/environment.sh book
	@rm -rf _build/html # a page that is gone must not stay behind
	@LRLAB_BOOK=1 .venv/bin/jupyter-book build . --all --warningiserror --keep-going
	@echo "The book is in _build/html: open _build/html/index.html, or let \`make serve\` serve it."

serve:  ## serve the built site on loopback
	@sh .ci/environment.sh book
	@$(PY) -m lrlab.book.serve _build/html --port $(PORT)

lite:  ## build the site with a kernel in it, so that every page runs in the browser
	@sh .ci/environment.sh book
	@$(PY) -m lrlab.book.make_lite $(if $(PYODIDE),--pyodide "$(PYODIDE)")
	@LRLAB_LITE=_build/lite $(MAKE) --no-print-directory book

test: lint book  ## run every test: engine, exercises, build, browser
	@sh .ci/chromium.sh
	@$(PY) -m pytest -n 2 --dist loadfile --ignore tests/test_lite.py

test-lite: lite  ## run a notebook with the kernel in the browser
	@sh .ci/environment.sh test
	@sh .ci/chromium.sh
	@$(PY) -m pytest tests/test_lite.py

science:  ## run the numbers of real models and searches again, expected beside got (a minute or two)
	@sh .ci/environment.sh test
	@$(PY) tests/science.py

lint:  ## look at the code without running it
	@sh .ci/environment.sh test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

format:  ## put the code into its one form
	@sh .ci/environment.sh test
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

exercises:  ## release the exercises from their sources
	@sh .ci/environment.sh test
	@$(PY) -m lrlab.grading.release

solutions:  ## lay the solutions beside the notebooks of this clone, for checks.solution
	@sh .ci/environment.sh test
	@$(PY) -m lrlab.grading.solutions

assign:  ## make an instructor's bundle: make assign CHAPTER=what_is_the_learning_rate
	@sh .ci/environment.sh test
	@$(PY) -m lrlab.grading.assign "$(CHAPTER)"

data:  ## make the data files again from the packages that carry them, and run the long experiments again
	@sh .ci/environment.sh test
	@for script in src/lrlab/data/make_*.py; do $(PY) $$script || exit 1; done
	@OPENBLAS_NUM_THREADS=1 $(PY) -m lrlab.experiments # its arrays are small: threads only wait for each other

bench: book  ## measure what must be fast and small
	@sh .ci/environment.sh test
	@sh .ci/environment.sh bench
	@sh .ci/chromium.sh
	@PYTHONPATH=tests $(PY) -m bench $(PART)

references:  ## ask PyTorch and the authors' packages again for the numbers that the engine is compared with
	@sh .ci/environment.sh references
	@for script in tests/references/make_*.py; do $(PY) $$script || exit 1; done

font:  ## make the mathematics font again from its source package
	@sh .ci/environment.sh test
	@$(PY) -m lrlab.book.make_font

lock:  ## write down the versions of everything that is installed for the tests, in an environment made anew
	@rm -rf .venv
	@sh .ci/environment.sh test
	@$(PY) -m pip freeze --exclude-editable > .ci/constraints.tmp
	@{ sed -n '/^#/p' .ci/constraints.txt; cat .ci/constraints.tmp; } > .ci/constraints.new && mv .ci/constraints.new .ci/constraints.txt
	@rm .ci/constraints.tmp

publish-check:  ## refuse to publish while a placeholder is left
	@sh .ci/environment.sh book
	@$(PY) -m lrlab.book.publish

clean:  ## remove what was built, not the environment
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis
