namespace Reactor.Http;

/// <summary>Records that wait for the next request, so that a request allocates none.</summary>
/// <remarks>Loop thread only; one per server.</remarks>
internal sealed class RecordPool
{
    /// <summary>As many as a block of the smallest pipelined requests needs at once.</summary>
    private const int KeptMax = 1024;

    private PendingRecord? _first;
    private int _count;

    public PendingRecord Rent()
    {
        if (_first is not { } record)
        {
            return new PendingRecord();
        }

        _first = record.Next;
        _count--;
        record.Next = null;
        return record;
    }

    public void Return(PendingRecord record)
    {
        record.Clear();
        if (_count < KeptMax)
        {
            record.Next = _first;
            _first = record;
            _count++;
        }
    }
}
