"""Times a step of arcface_torch's class-parallel head in PyTorch over gloo, and prints a line of JSON: seconds (median), peak_bytes (of a process).
   partial_fc.py N C D [RATE]      options: --ranks W --threads N --runs N
Each of W processes has its range of classes and its share of N embeddings, and takes the step of momentum SGD. Embeddings are gathered; row maxima,
Σexp and target probabilities are all-reduced; the embeddings' gradient is added up. Below rate 1, rows of the batch's classes and others, drawn
uniformly, are copied out with their momentum, and back after the step. There is one matrix of logits, changed in place."""
import json
import math
import os
import resource
import statistics
import sys
import tempfile
import time

import torch
import torch.distributed as dist
import torch.multiprocessing
import torch.nn.functional as F


class GatherEmbeddings(torch.autograd.Function):
    """All ranks' rows; backward: the own rows of the sum over the ranks (gloo has no reduce-scatter)."""

    @staticmethod
    def forward(context, own):
        parts = [torch.empty_like(own) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, own)
        return torch.cat(parts)

    @staticmethod
    def backward(context, gradient):
        gradient = gradient.contiguous()
        dist.all_reduce(gradient)
        return gradient.chunk(dist.get_world_size())[dist.get_rank()]


class SpreadCrossEntropy(torch.autograd.Function):
    """Mean cross-entropy of logits whose columns are spread over ranks; the logits become probabilities, and these the gradient."""

    @staticmethod
    def forward(context, logits, rows, columns):
        largest = logits.max(dim=1, keepdim=True).values
        dist.all_reduce(largest, dist.ReduceOp.MAX)
        logits.sub_(largest).exp_()
        total = logits.sum(dim=1, keepdim=True)
        dist.all_reduce(total)
        logits.div_(total)
        own = torch.zeros(len(logits))
        own[rows] = logits[rows, columns]
        dist.all_reduce(own)
        context.save_for_backward(logits, rows, columns)
        return -own.clamp_min(1e-30).log().mean()

    @staticmethod
    def backward(context, upstream):
        gradient, rows, columns = context.saved_tensors
        gradient[rows, columns] -= 1
        return gradient.mul_(upstream / len(gradient)), None, None


class Head:
    def __init__(self, classes, size, rate, margin=0.5, scale=64.0, step=0.01, momentum=0.9):
        rank, ranks = dist.get_rank(), dist.get_world_size()
        self.first, self.end = classes * rank // ranks, classes * (rank + 1) // ranks
        self.weight = 0.01 * torch.randn(self.end - self.first, size)
        self.velocity = torch.zeros_like(self.weight)
        self.count, self.margin, self.scale, self.step, self.momentum = int(rate * len(self.weight)), margin, scale, step, momentum

    def sample(self, classes):
        """Rows of the classes and others, ascending."""
        chance = torch.rand(len(self.weight))
        chance[classes] = 2
        own = classes.unique()
        return own if len(own) >= self.count else torch.topk(chance, self.count).indices.sort().values

    def loss(self, weight, embeddings, rows, columns):
        cosine = F.linear(F.normalize(GatherEmbeddings.apply(embeddings)), F.normalize(weight))
        target = cosine[rows, columns]
        with_margin = target * math.cos(self.margin) - torch.sqrt((1 - target * target).clamp_min(0)) * math.sin(self.margin)
        cosine[rows, columns] = with_margin
        return SpreadCrossEntropy.apply(cosine.mul_(self.scale), rows, columns)

    def take(self, embeddings, labels):
        rows = torch.where((labels >= self.first) & (labels < self.end))[0]
        columns = labels[rows] - self.first
        picked = None if self.count == len(self.weight) else self.sample(columns)
        weight, velocity = (self.weight, self.velocity) if picked is None else (self.weight[picked], self.velocity[picked])
        weight.requires_grad_()
        embeddings.grad = weight.grad = None
        self.loss(weight, embeddings, rows, columns if picked is None else torch.searchsorted(picked, columns)).backward()
        weight.requires_grad_(False)
        velocity.mul_(self.momentum).add_(weight.grad)
        weight.sub_(velocity, alpha=self.step)
        weight.grad = None
        if picked is not None:
            self.weight[picked], self.velocity[picked] = weight, velocity


def measure(rank, meeting, batch, classes, size, rate, ranks, threads, runs):
    os.sched_setaffinity(0, [sorted(os.sched_getaffinity(0))[rank]]) if len(os.sched_getaffinity(0)) == ranks else None
    torch.set_num_threads(threads)
    dist.init_process_group('gloo', init_method='file://' + meeting, rank=rank, world_size=ranks)
    torch.manual_seed(0)
    labels = torch.randint(classes, (batch,))
    embeddings = torch.randn(batch, size).chunk(ranks)[rank].clone().requires_grad_()
    torch.manual_seed(rank)
    head = Head(classes, size, rate)
    times = []
    for run in range(runs + 1):
        dist.barrier()
        begin = time.perf_counter()
        head.take(embeddings, labels)
        took = torch.tensor([time.perf_counter() - begin])
        dist.all_reduce(took, dist.ReduceOp.MAX)
        if run > 0:
            times.append(took.item())
    peak = torch.tensor([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024])
    dist.all_reduce(peak, dist.ReduceOp.MAX)
    if rank == 0:
        print(json.dumps({'seconds': statistics.median(times), 'peak_bytes': peak.item()}))


def main(arguments):
    def option(name, usual):
        if name not in arguments:
            return usual
        at = arguments.index(name)
        value = int(arguments[at + 1])
        del arguments[at:at + 2]
        return value

    ranks, threads, runs = option('--ranks', 2), option('--threads', 1), option('--runs', 3)
    if len(arguments) not in (3, 4):
        raise SystemExit(__doc__)
    batch, classes, size = (int(a) for a in arguments[:3])
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(
            measure, (folder + '/meeting', batch, classes, size, float((arguments + ['1'])[3]), ranks, threads, runs), nprocs=ranks)


if __name__ == '__main__':
    main(sys.argv[1:])
