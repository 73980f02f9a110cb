"""Programs on one repository whose calls two Butlers make in turn, beside the model."""
