"""What the refiner is compared with: older and simpler ways from renders to photographs."""
