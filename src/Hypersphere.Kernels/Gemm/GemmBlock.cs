using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>One block of a product: chunks first pack what must be packed, then pass panels of B over tiles of A.</summary>
internal unsafe struct GemmBlock<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly GemmProblem _p;
    private readonly int _row, _rows, _column, _columns, _first, _depth;
    private readonly int _tile, _tiles, _panels;
    private readonly bool _copyLeft, _localLeft, _direct;
    private readonly float* _packed;
    private readonly LeftFactor _left;
    private readonly Output _output;
    private int _tilesPerChunk, _panelsPerChunk;
    private int _chunkRows, _chunkColumns;
    private bool _packing;

    public GemmBlock(in GemmProblem problem, int row, int rows, int column, int columns, int first, int depth)
    {
        (_row, _rows, _column, _columns, _first, _depth) = (row, rows, column, columns, first, depth);
        _p = problem;
        _tile = _p.C.IsTransposed ? Blocking.TurnedRows<S, V>() : Blocking.Rows<S, V>();
        _tiles = Blocking.Pieces(rows, _tile);
        _panels = Blocking.Pieces(columns, Blocking.Columns<S, V>());
        _packed = Scratch.Floats(Scratch.Slot.PackB, (nint)_panels * Blocking.Columns<S, V>() * depth);
        _copyLeft = _p.TransposeA || (_p.Lda % Blocking.Aliasing == 0 && _panels >= Blocking.CopyPanels<S, V>());
        _direct = !_p.TransposeB && _tiles <= Blocking.DirectTiles;
        Output c = _p.C.At(row, column);
        _output = first > 0 ? new(c.C, c.Step, c.C, c.Step, c.IsTransposed)
            : new(c.C, c.Step, c.Init, c.InitStep, c.IsTransposed, Streams);
        Cut();
        _localLeft = _copyLeft && _chunkColumns == 1;
        _left = !_copyLeft || _localLeft ? LeftFactor.Rows(_p.A + ((nint)_row * _p.Lda) + _first, _p.Lda, _tile) : Copied(_tiles);
    }

    /// <summary>Whether what is written is neither read here nor fits the caches.</summary>
    private readonly bool Streams => _depth == _p.K && _p.C.Init != _p.C.C && !_p.C.IsTransposed
        && Blocking.WritesLines<S, V>() && Streaming.Pays(_p.C.C, (long)_p.M * _p.N, (int)_p.C.Step);

    private readonly nint LeftStep => _p.TransposeA ? _depth : _depth + Blocking.RowPadding;

    /// <summary>Chunks that copy rows of A for several chunks of columns; where there is one, it copies for itself, into its own
    /// cache.</summary>
    private readonly int SharedCopies => _copyLeft && !_localLeft ? _chunkRows : 0;

    public void Run(WorkerPool pool)
    {
        bool parallel = 2L * _rows * _columns * _depth >= Blocking.ParallelFlops;
        _packing = true;
        Launch(pool, (_row == 0 ? _chunkColumns : 0) + SharedCopies, parallel);
        _packing = false;
        Launch(pool, _chunkRows * _chunkColumns, parallel);
    }

    public readonly void Run(int chunk)
    {
        if (!_packing)
        {
            Multiply(chunk / _chunkColumns, chunk % _chunkColumns);
        }
        else if (chunk < SharedCopies)
        {
            PackLeft(chunk, _left.From(chunk * _tilesPerChunk * _tile).Pointer);
        }
        else
        {
            PackRight(chunk - SharedCopies);
        }
    }

    private void Launch(WorkerPool pool, int chunks, bool parallel)
    {
        if (parallel)
        {
            pool.Run(chunks, ref this);
            return;
        }

        for (int i = 0; i < chunks; i++)
        {
            Run(i);
        }
    }

    /// <summary>Full cache blocks where there are many, smaller ones where threads would starve.</summary>
    private void Cut()
    {
        int t = Math.Min(_tiles, Blocking.RowTiles), n = Math.Min(_panels, Blocking.Panels);
        long flops = 2L * _tile * Blocking.Columns<S, V>() * _depth;
        while (Blocking.Pieces(_tiles, t) * Blocking.Pieces(_panels, n) < Blocking.Chunks && flops * t * n > Blocking.ParallelFlops)
        {
            (t, n) = n > 1 ? (t, (n + 1) / 2) : ((t + 1) / 2, n);
        }

        _chunkRows = Blocking.Pieces(_tiles, t);
        _tilesPerChunk = Blocking.Pieces(_tiles, _chunkRows);
        _chunkRows = Blocking.Pieces(_tiles, _tilesPerChunk);
        _chunkColumns = Blocking.Pieces(_panels, n);
        _panelsPerChunk = Blocking.Pieces(_panels, _chunkColumns);
        _chunkColumns = Blocking.Pieces(_panels, _panelsPerChunk);
    }

    /// <summary>A transposed, or its rows moved off the cache sets that they would share.</summary>
    private readonly LeftFactor Copied(int tiles)
    {
        float* copy = Scratch.Floats(Scratch.Slot.PackA, (nint)tiles * _tile * LeftStep);
        return _p.TransposeA ? LeftFactor.Panels(copy, _depth, _tile) : LeftFactor.Rows(copy, LeftStep, _tile);
    }

    private readonly void PackLeft(int chunk, float* target)
    {
        int from = chunk * _tilesPerChunk * _tile, rows = Math.Min(_tilesPerChunk * _tile, _rows - from), row = _row + from;
        if (_p.TransposeA)
        {
            Packing.CopyTiles(_p.A + ((nint)_first * _p.Lda) + row, _p.Lda, _depth, rows, _tile, target);
        }
        else
        {
            Packing.Copy(_p.A + ((nint)row * _p.Lda) + _first, _p.Lda, rows, _depth, _depth, target, (int)LeftStep);
        }
    }

    private readonly void PackRight(int chunk)
    {
        int panel = Blocking.Columns<S, V>(), from = chunk * _panelsPerChunk * panel;
        int to = Math.Min(_columns, from + (_panelsPerChunk * panel));
        from = _direct ? Math.Max(from, _columns / panel * panel) : from;
        if (from >= to)
        {
            return;
        }

        nint column = _column + from;
        if (!_p.TransposeB)
        {
            float* source = _p.B + ((nint)_first * _p.Ldb) + column;
            Packing.CopyPanels(source, _p.Ldb, _depth, to - from, panel, S.Lanes, _packed + ((nint)from * _depth));
            return;
        }

        for (int j = from; j < to; j += panel, column += panel)
        {
            int columns = Math.Min(panel, to - j), padded = Blocking.PanelWidth<S, V>(columns);
            float* source = _p.B + (column * _p.Ldb) + _first;
            Packing.Transpose(source, _p.Ldb, _depth, columns, padded, _packed + ((nint)j * _depth), padded);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Multiply(int chunkRow, int chunkColumn)
    {
        int row = chunkRow * _tilesPerChunk * _tile, rows = Math.Min(_tilesPerChunk * _tile, _rows - row), panel = Blocking.Columns<S, V>();
        int from = chunkColumn * _panelsPerChunk, to = Math.Min(_panels, from + _panelsPerChunk);
        LeftFactor left = _localLeft ? Copied(_tilesPerChunk) : _left.From(row);
        if (_localLeft)
        {
            PackLeft(chunkRow, left.Pointer);
        }

        if (_direct)
        {
            Direct(left, row, rows, from, to);
        }
        else
        {
            float* packed = _packed + ((nint)from * panel * _depth);
            int columns = Math.Min(_columns, to * panel) - (from * panel);
            Ahead after = Blocking.IsNarrow<S, V>() && _copyLeft ? default : _left.From(row).Following(rows, _depth);
            MacroKernel<S, V>.Multiply(left, rows, _depth, packed, columns, _output.At(row, from * panel), after);
        }

        Streaming.Finish(_output.Streams);
    }

    /// <summary>Panels of B as they lie; the last one, if it is narrower, is packed.</summary>
    private readonly void Direct(in LeftFactor left, int row, int rows, int from, int to)
    {
        int panel = Blocking.Columns<S, V>();
        for (int i = from; i < to; i++)
        {
            int columns = Math.Min(panel, _columns - (i * panel));
            Output output = _output.At(row, i * panel);
            if (columns == panel)
            {
                float* source = _p.B + ((nint)_first * _p.Ldb) + _column + (i * panel);
                MacroKernel<S, V>.Panel(left, rows, _depth, source, _p.Ldb, columns, output);
            }
            else
            {
                MacroKernel<S, V>.Panel(left, rows, _depth, _packed + ((nint)i * panel * _depth), columns, output);
            }
        }
    }
}
