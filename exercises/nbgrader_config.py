"""nbgrader's settings for the exercises: for releasing them here, and for grading them from an instructor's bundle."""

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "the_learning_rate"
# What stands where a solution was. Each function ends in `raise NotImplementedError` and each value begins as `...`,
# so that the released notebook runs, and an unanswered task is told from a wrong one.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
# A check that a student deleted is put back before grading.
c.OverwriteCells.add_missing_cells = True
# The longest that one cell of a submission may run, in seconds.
c.Execute.timeout = 60
