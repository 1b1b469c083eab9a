"""The pages for developers of partners, as `make contracts` wrote them: for anybody, and without scripts."""
