"""Two directives for chapter pages: the tasks of a set of exercises, and the box to assign the chapter to a class.

``{exercises} NAME`` lists what there is to do, with points and minutes, and how to open it. ``{assign} NAME`` is the
box for instructors. All they say comes from the set's own notebook, so a page never tells another time or another sum.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.util.docutils import SphinxDirective

from lrlab.book import lite
from lrlab.grading import sets

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class SetDirective(SphinxDirective):
    """What both have in common: one argument, the name of a set."""

    required_arguments = 1

    def read(self) -> sets.ExerciseSet:
        """The set, or an error of the build that names page and line."""
        exercises = Path(self.env.srcdir, "exercises")
        name = self.arguments[0].strip()
        try:
            chosen = sets.read(name, exercises)
        except ValueError as error:
            raise self.error(f"{{{self.name}}}: {error}") from None
        for kind in ("source", "release"):
            self.env.note_dependency(str(sets.path_of(name, kind, exercises)))
        return chosen

    def binder(self, chosen: sets.ExerciseSet, text: str) -> nodes.reference:
        """A link that opens the students' notebook in JupyterLab on Binder."""
        return nodes.reference(
            "", text, refuri=self.config.lrlab_repository.binder(sets.released(chosen.name)), internal=False
        )

    def in_browser(self, chosen: sets.ExerciseSet) -> list[list[nodes.Node]]:
        """A way to work on the set in the browser, if the site has that kernel."""
        if not self.config.lrlab_lite:
            return []
        target = lite.address(sets.released(chosen.name), "../" * self.env.docname.count("/"))
        link = nodes.reference("", "Run in the browser", refuri=target, internal=False)
        said = ": nothing to install, 26 MB to load; your work stays in this browser until you download it"
        return [[link, nodes.Text(said)]]

    def download(self, chosen: sets.ExerciseSet, text: str) -> download_reference:
        """A link to the students' notebook, which Sphinx copies into the site."""
        link = download_reference("", "", reftarget=f"/{sets.released(chosen.name)}", refdoc=self.env.docname)
        link += nodes.literal(text, text, classes=["xref", "download"])
        self.set_source_info(link)
        return link


class Exercises(SetDirective):
    """``{exercises} NAME``: the tasks in order, their sum, and the links to work on them."""

    def run(self) -> list[nodes.Node]:
        chosen = self.read()
        tasks = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        for task in chosen.tasks:
            size = f" ({count(task.points, 'point')}, {count(task.minutes, 'minute')})"
            tasks += nodes.list_item(
                "", paragraph(nodes.strong("", task.title), nodes.Text(f": {task.does}"), nodes.inline("", size))
            )
        total = f"Together {count(chosen.points, 'point')}, in about {count(chosen.minutes, 'minute')}."
        check = " Every check knows the usual mistakes and answers each with a sentence of its own."
        ways = bullets(
            *self.in_browser(chosen),
            [self.binder(chosen, "Open in Binder"), nodes.Text(": nothing to install; the first start takes minutes")],
            [
                nodes.Text("Download "),
                self.download(chosen, f"{chosen.name}.ipynb"),
                nodes.Text(" and open it in Jupyter"),
            ],
        )
        box = nodes.container("", tasks, paragraph(nodes.Text(total + check)), ways, classes=["lr-exercises"])
        return [box]


class Assign(SetDirective):
    """``{assign} NAME``: what an instructor needs to give the chapter to a class."""

    def run(self) -> list[nodes.Node]:
        chosen = self.read()
        size = f" the exercises take about {count(chosen.minutes, 'minute')} and carry {count(chosen.points, 'point')}."
        command = f"make assign CHAPTER={chosen.name}"
        box = nodes.admonition("", nodes.title("", "Assign this chapter"), classes=["assign"])
        box += paragraph(nodes.strong("", "Time:"), nodes.Text(size))
        box += paragraph(nodes.strong("", "After it students can"))
        box += bullets(*([nodes.Text(outcome)] for outcome in chosen.outcomes))
        box += paragraph(nodes.strong("", "They need:"), nodes.Text(f" {', '.join(chosen.prerequisites)}."))
        box += paragraph(
            nodes.strong("", "For the class:"),
            nodes.Text(" this one link opens the notebook for each student, with nothing to install: "),
            self.binder(chosen, "the exercises in Binder"),
            nodes.Text(". Or hand out the file "),
            self.download(chosen, f"{chosen.name}.ipynb"),
            nodes.Text("."),
        )
        box += paragraph(
            nodes.strong("", "For grading:"),
            nodes.Text(
                " in a clone of the course this makes a bundle with the solutions, nbgrader's settings and the steps:"
            ),
        )
        box += nodes.literal_block(command, command, language="bash")
        return [box]


def count(number: float, thing: str) -> str:
    return f"{number:g} {thing}{'' if number == 1 else 's'}"


def paragraph(*children: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *children)


def bullets(*items: list[nodes.Node]) -> nodes.bullet_list:
    return nodes.bullet_list("", *(nodes.list_item("", paragraph(*item)) for item in items), bullet="-")


def setup(app: "Sphinx") -> None:
    """Add the two directives."""
    app.add_directive("exercises", Exercises)
    app.add_directive("assign", Assign)
