"""What is promised when things break: nothing lost, nothing doubled, nobody late without being told."""
