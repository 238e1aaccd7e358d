// The content of a body on its way from the input to its target.
//
// A chunked body may hold one byte of content in six. A call of the writer for each would cost many
// times what it copies, so short runs are gathered on the stack and written together; a long run is
// written as it is. `Flush` must be called before the target is used.
using System.Buffers;

namespace Reactor.Http.Protocol;

internal ref struct ContentRuns(IBufferWriter<byte>? target, Span<byte> gathered)
{
    /// <summary>Bytes of the caller's stack; a longer run is not worth a second copy.</summary>
    public const int GatheredBytes = 512;

    private readonly Span<byte> _gathered = gathered;
    private int _count;

    /// <summary>Takes a run; without a target it is dropped.</summary>
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

    /// <summary>Writes what was gathered.</summary>
    public void Flush()
    {
        if (_count > 0)
        {
            target!.Write(_gathered[.._count]);
            _count = 0;
        }
    }
}
