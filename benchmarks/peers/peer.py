"""Times one case in PyTorch or FAISS and prints a line of JSON: seconds (median), peak_bytes.
   peer.py gemm M N K LAYOUT | head N C D | conv BATCH SIZE INPUTS OUTPUTS KERNEL STRIDE GROUPS | train NET BATCH SIZE CHANNELS CLASSES
           | embed NET BATCH SIZE CHANNELS | search Q G D K | faiss Q G D K
           | retrieval N D C | all-pairs N D C      options: --threads N --seconds S --last (channels last)
           --step (of the optimizer, too)"""
import json
import math
import resource
import statistics
import sys
import time

arguments = sys.argv[1:]
last, step = '--last' in arguments, '--step' in arguments
arguments = [a for a in arguments if a not in ('--last', '--step')]


def option(name, usual):
    if name in arguments:
        at = arguments.index(name)
        value = float(arguments[at + 1])
        del arguments[at:at + 2]
        return value
    return usual


threads, seconds = int(option('--threads', 2)), option('--seconds', 1.5)
kind, *rest = arguments
numbers = [int(a) for a in rest if a.lstrip('-').isdigit()]


def measure(run):
    for _ in range(2):
        run()
    times = []
    while len(times) < 5 or sum(times) < seconds:
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    print(json.dumps({'seconds': statistics.median(times), 'peak_bytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def search_with_faiss():
    import faiss
    import numpy
    faiss.omp_set_num_threads(threads)
    queries, count, size, top = numbers
    random = numpy.random.default_rng(0)

    def unit(rows):
        x = random.uniform(-1, 1, (rows, size)).astype('float32')
        return x / numpy.linalg.norm(x, axis=1, keepdims=True)

    index = faiss.IndexFlatIP(size)
    index.add(unit(count))
    asked = unit(queries)
    measure(lambda: index.search(asked, top))


if kind == 'faiss':
    search_with_faiss()
    sys.exit()

import torch
import torch.nn.functional as F

torch.set_num_threads(threads)
torch.manual_seed(0)


def layout(x):
    return x.to(memory_format=torch.channels_last) if last and x.dim() == 4 else x


def margin_step(embeddings, weight, labels, margin=0.5, scale=64.0):
    """ArcFace as arcface_torch writes it: the target's logit is replaced by index."""
    cosine = F.linear(F.normalize(embeddings), F.normalize(weight)).clamp(-1, 1)
    rows = torch.arange(labels.numel())
    target = cosine[rows, labels]
    with_margin = target * math.cos(margin) - torch.sqrt((1 - target * target).clamp_min(0)) * math.sin(margin)
    logits = cosine.clone()
    logits[rows, labels] = with_margin
    return F.cross_entropy(logits * scale, labels)


if kind == 'gemm':
    m, n, k = numbers
    a = torch.randn(k, m).t() if rest[3] == 'tn' else torch.randn(m, k)
    b = torch.randn(n, k).t() if rest[3] == 'nt' else torch.randn(k, n)
    c = torch.empty(m, n)
    repeat = max(1, int(2e7 / (2 * m * n * k)))

    def run():
        for _ in range(repeat):
            torch.mm(a, b, out=c)

    times = []
    for _ in range(3):
        run()
    while len(times) < 5 or sum(times) < seconds:
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin))
    print(json.dumps({'seconds': statistics.median(times) / repeat, 'peak_bytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
elif kind == 'head':
    batch, classes, size = numbers
    embeddings, weight = torch.randn(batch, size, requires_grad=True), (0.01 * torch.randn(classes, size)).requires_grad_()
    labels = torch.randint(classes, (batch,))
    optimizer = torch.optim.SGD([weight], lr=0.01, momentum=0.9, weight_decay=5e-4) if step else None

    def run():
        embeddings.grad = weight.grad = None
        margin_step(embeddings, weight, labels).backward()
        if step:
            optimizer.step()

    measure(run)
elif kind == 'conv':
    batch, size, inputs, outputs, kernel, stride, groups = numbers
    x = layout(torch.randn(batch, inputs, size, size)).requires_grad_()
    layer = torch.nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    layer = layer.to(memory_format=torch.channels_last) if last else layer
    upstream = torch.randn_like(layer(x))

    def run():
        x.grad = layer.weight.grad = None
        layer(x).backward(upstream)

    measure(run)
elif kind in ('train', 'embed'):
    import networks
    batch, size, channels, *classes = numbers
    net = networks.build(rest[0], size, channels)
    net = net.to(memory_format=torch.channels_last) if last else net
    images = layout(torch.rand(batch, channels, size, size) * 2 - 1)
    if kind == 'embed':
        net.eval()

        def run():
            with torch.inference_mode():
                net(images)
    else:
        labels = torch.arange(batch) % classes[0]
        with torch.no_grad():
            size = net(images[:2]).shape[1]
        weight = torch.nn.Parameter(0.01 * torch.randn(classes[0], size))
        optimizer = torch.optim.SGD([*net.parameters(), weight], lr=0.01, momentum=0.9, weight_decay=5e-4)

        def run():
            optimizer.zero_grad(set_to_none=True)
            margin_step(net(images), weight, labels, 0.3, 16.0).backward()
            optimizer.step()

    measure(run)
elif kind == 'search':
    queries, count, size, top = numbers
    gallery, asked = F.normalize(torch.rand(count, size) * 2 - 1), F.normalize(torch.rand(queries, size) * 2 - 1)

    def run():
        torch.topk(torch.mm(asked, gallery.t()), top)

    measure(run)
elif kind in ('retrieval', 'all-pairs'):
    count, size, classes = numbers
    labels = torch.arange(count) % classes
    rows = F.normalize((torch.rand(classes, size) * 2 - 1)[labels] + torch.rand(count, size) * 2 - 1)
    relevant = torch.bincount(labels)[labels] - 1

    def retrieval():
        """Precision@1 and MAP@R of every row among the others, 256 queries at a time."""
        depth, total = int(relevant.max()), 0.0
        for start in range(0, count, 256):
            own = torch.arange(start, min(start + 256, count))
            cosines = torch.mm(rows[own], rows.t())
            cosines[torch.arange(len(own)), own] = -2
            hits = (labels[torch.topk(cosines, depth).indices] == labels[own][:, None]).float()
            rank = torch.arange(1, depth + 1)
            precision = hits.cumsum(1) / rank * hits * (rank <= relevant[own][:, None])
            total += float((precision.sum(1) / relevant[own]).sum())
        return total / count

    def all_pairs():
        """Counts of genuine and impostor pairs in 65,536 steps of the cosine, 256 rows at a time."""
        steps = torch.zeros(2 * 65536, dtype=torch.long)
        for start in range(0, count, 256):
            end = min(start + 256, count)
            cosines = torch.mm(rows[start:end], rows[start:].t())
            index = ((cosines + 1) * 32768).long().clamp_(0, 65535) + 65536 * (labels[start:end, None] == labels[start:])
            above = torch.ones(end - start, count - start, dtype=torch.bool).triu_(1)
            steps += torch.bincount(index[above], minlength=2 * 65536)
        return steps

    measure(retrieval if kind == 'retrieval' else all_pairs)
else:
    raise SystemExit(__doc__)
