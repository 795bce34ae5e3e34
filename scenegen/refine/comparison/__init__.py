"""Ways from renders to photographs side by side: what each costs, gains and spoils."""
