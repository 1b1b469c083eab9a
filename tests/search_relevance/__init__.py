"""How well cases are found: a judged set of questions over generated cases, the same for every engine."""
