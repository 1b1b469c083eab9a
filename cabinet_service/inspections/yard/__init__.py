"""Links for somebody who stands at the car: no account, that one car, and photos of it."""
