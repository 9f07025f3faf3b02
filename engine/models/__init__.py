"""One `nn.Module` per kind of model; each is built on the layers of `recurrent`."""
