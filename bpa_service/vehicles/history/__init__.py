"""What all sources together say of one vehicle, judged by pure rules: nothing here asks anybody.

`telling.tell` makes a `History` of records and coverages. Two sources that do not agree are both shown, never
averaged; a doubt is a question to look into, and what has an honest explanation is not called a fault.
"""
