namespace Reactor.Http;

/// <summary>
/// Lets so many lines through in any second and counts the rest: what a client can cause as often
/// as it likes must not fill a log. Loop thread only.
/// </summary>
internal sealed class LogBudget(int linesPerSecond)
{
    // When the last lines were let through; the oldest is overwritten next.
    private readonly TimeSpan[] _taken = [.. Enumerable.Repeat(TimeSpan.MinValue, linesPerSecond)];
    private int _next;
    private long _suppressed;

    /// <summary>Takes a line of the budget.</summary>
    /// <param name="now">On the loop's clock.</param>
    /// <param name="suppressed">How many did not get one since the last that did.</param>
    public bool TryTake(TimeSpan now, out long suppressed)
    {
        suppressed = _suppressed;
        if (_taken.Length == 0 || now < AddSecond(_taken[_next]))
        {
            _suppressed++;
            return false;
        }

        _taken[_next] = now;
        _next = (_next + 1) % _taken.Length;
        _suppressed = 0;
        return true;
    }

    private static TimeSpan AddSecond(TimeSpan moment) => moment + TimeSpan.FromSeconds(1);
}
