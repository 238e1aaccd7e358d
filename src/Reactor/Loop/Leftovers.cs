namespace Reactor;

/// <summary>
/// Weak references to what a loop reports when it closes; the collector may report it first.
/// Settled entries are removed when the list has doubled, so that adding has a constant cost.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class Leftovers
{
    private const int SweepMin = 64;

    private readonly List<WeakReference<ILeftover>> _references = [];
    private int _sweepAt = SweepMin;

    public void Add(ILeftover leftover)
    {
        if (_references.Count >= _sweepAt)
        {
            _references.RemoveAll(
                reference => !reference.TryGetTarget(out ILeftover? old) || old.IsSettled);
            _sweepAt = Math.Max(SweepMin, _references.Count * 2);
        }

        // The report that the finalizer posted may wait for a turn that never comes.
        _references.Add(new WeakReference<ILeftover>(leftover, trackResurrection: true));
    }

    public void Close()
    {
        // A copy: the exception handler is user code and may add to the list.
        foreach (WeakReference<ILeftover> reference in _references.ToArray())
        {
            if (reference.TryGetTarget(out ILeftover? leftover))
            {
                leftover.ReportIfUnsettled();
            }
        }

        _references.Clear();
    }
}
