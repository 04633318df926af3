"""Every change to families: one function for each thing a person does."""
