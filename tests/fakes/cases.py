"""A case of one's own, as short as one can be."""

MINE = """
name = "mine"
title = "One of mine"
on = "2011"
story = ["One.", "Two.", "Three."]
candidate = '''
name = "mine"
[[artefact]]
role = "data"
path = "a.csv"
about_people = true
[triage]
about_people = "yes"
'''
[[gone]]
path = "a.csv"
subject = "table"
[[evidence]]
says = "Nobody could get out of it."
source = "somebody 2010"
on = "2010"
[[answer]]
question = "removal-path"
choice = "none"
"""
