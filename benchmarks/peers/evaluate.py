"""A small evaluation from the start of the process: nearest neighbours and all pairs of the embeddings in the file that EMBEDDINGS names."""
import os

import numpy
import torch

stored = numpy.load(os.environ['EMBEDDINGS'])
unit = torch.nn.functional.normalize(torch.from_numpy(stored['embeddings']))
labels = torch.from_numpy(stored['labels'])
cosines = unit @ unit.T
same = labels[:, None] == labels[None, :]
nearest = cosines.clone().fill_diagonal_(-2).argmax(1)
upper = torch.triu(torch.ones_like(same), 1)
genuine, others = cosines[upper & same], cosines[upper & ~same].sort(descending=True).values
print((labels[nearest] == labels).float().mean().item(), (genuine > others[len(others) // 100]).float().mean().item())
