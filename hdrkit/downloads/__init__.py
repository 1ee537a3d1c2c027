"""What others publish and the kit may not carry: the Fairchild survey and Poly Haven's panoramas, fetched with care."""
