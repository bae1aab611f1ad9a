"""What could cost money or a defect: pure functions of an order and a time."""
