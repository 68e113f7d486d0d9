"""Write what is shipped of the energies that component-contribution trained.

Run it after a change of the pins of component-contribution or equilibrator-cache-data.

    PYTHONPATH=. python tools/ship_trained_energies.py
"""

from gemwright.thermodynamics.trained import SHIPPED, load_trained, write_trained

if __name__ == "__main__":
    write_trained(load_trained(), SHIPPED)
