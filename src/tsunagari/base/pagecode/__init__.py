"""Templates written out as Python functions when they are loaded: a page's bytes are Django's, its time is not.

Django walks a template's tree anew for each page and finds out at every node what it is. Here the tree is walked once:
each list of nodes becomes one function (`writing`), whose variables, conditions and loops are plain Python
(`expressions`, `nodes`, `values`). What is not known here is rendered by Django's own node in the same place, so any
tag of any library works. Off while DEBUG is on: then an error names its line in the template.
"""
