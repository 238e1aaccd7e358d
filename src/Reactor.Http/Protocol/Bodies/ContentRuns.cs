// A chunked body may hold one byte of content in six, so short runs are gathered on the stack and
// written together. Call `Flush` before the target is used.
using System.Buffers;

namespace Reactor.Http.Protocol;

internal ref struct ContentRuns(IBufferWriter<byte>? target, Span<byte> gathered)
{
    /// <summary>Bytes on the stack; a longer run is written without a second copy.</summary>
    public const int GatheredBytes = 512;

    private readonly Span<byte> _gathered = gathered;
    private int _count;

    /// <summary>Takes a run; without a target it is discarded.</summary>
    public void Add(ReadOnlySpan<byte> run)
    {
        if (target is null)
        {
            return;
        }

        if (run.Length > _gathered.Length - _count)
        {
            Flush();
            if (run.Length > _gathered.Length)
            {
                target.Write(run);
                return;
            }
        }

        run.CopyTo(_gathered[_count..]);
        _count += run.Length;
    }

    /// <summary>Writes the gathered runs.</summary>
    public void Flush()
    {
        if (_count > 0)
        {
            target!.Write(_gathered[.._count]);
            _count = 0;
        }
    }
}
