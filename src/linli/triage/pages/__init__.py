"""The pages of the machine help, in the workbench's frame."""
