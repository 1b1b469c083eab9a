"""Cars that people watch once they were checked: they are told when there is something new of one."""
