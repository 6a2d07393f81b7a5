"""What besitos costs, beside its peers on the same machine in the same minute."""
