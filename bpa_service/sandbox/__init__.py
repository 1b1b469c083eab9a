"""Who answers in a sandbox: a script, by the number of the car, through the verbs that experts use."""
