"""pytest --nbval-lax exercises: solved notebooks pass; released ones fail in every graded cell, and only there.

A graded cell of a release that passes (a solution has leaked), or that fails for another reason than "still empty",
fails the run.
"""

import pytest

collect_ignore = ["nbgrader_config.py"]  # nbgrader runs it, with a name of its own in it


def is_unanswered(item) -> bool:
    """Whether this is a graded cell of a notebook for students."""
    cell = getattr(item, "cell", None)
    return cell is not None and "release" in item.path.parts and cell.metadata.get("nbgrader", {}).get("grade", False)


def pytest_collection_modifyitems(items):
    for item in items:
        if is_unanswered(item):
            item.add_marker(pytest.mark.xfail(strict=True, reason="still empty"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call" and call.excinfo and is_unanswered(item):
        said = getattr(call.excinfo.value, "inner_traceback", "") or str(call.excinfo.value)
        if "still empty" not in said:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} fails, but not because it is still empty: {said}"
            del report.wasxfail
    return report
