"""What one's own records teach of VINs: counted in the store once a day, and at hand for whoever reads one."""
