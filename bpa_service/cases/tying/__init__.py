"""Two open cases of one car, tied together by an expert: each keeps its client, its findings and its answer."""
