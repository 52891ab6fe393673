"""The instructor's side: the sets of exercises, their release to students, and the bundle to assign one to a class."""
