namespace Reactor.Http;

/// <summary>Keeps records for later requests, so that a request allocates none.</summary>
/// <remarks>Loop thread only; one per server.</remarks>
internal sealed class RecordPool
{
    /// <summary>What a block of the smallest pipelined requests needs.</summary>
    private const int KeptMax = 1024;

    private readonly Stack<PendingRecord> _kept = new();

    public PendingRecord Rent() =>
        _kept.TryPop(out PendingRecord? record) ? record : new PendingRecord();

    public void Return(PendingRecord record)
    {
        record.Clear();
        if (_kept.Count < KeptMax)
        {
            _kept.Push(record);
        }
    }
}
