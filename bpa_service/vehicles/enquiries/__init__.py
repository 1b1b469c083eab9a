"""What sources are asked about the car of a case, each by itself, and what they answered.

A row says what is to be asked, by when, and what came of it; the work bus only says that there is something. So
a message that is lost, doubled or late changes nothing but when the row is looked at.
"""
