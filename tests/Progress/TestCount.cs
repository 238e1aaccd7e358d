using System.Diagnostics;
using System.Globalization;

namespace Reactor.Progress;

/// <summary>What a test project has done so far, as text. Not thread-safe.</summary>
public sealed class TestCount
{
    /// <summary>
    /// A test outside the category Slow may take this long; on a loaded machine it takes several
    /// times its usual time.
    /// </summary>
    public static readonly TimeSpan QuickMax = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<string> _misplaced = [];
    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private string _last = "";
    private int _tests;
    private int _failed;

    /// <summary>The name of the test project; empty until its first test has ended.</summary>
    public string Project { get; set; } = "";

    /// <summary>Counts a test that has ended.</summary>
    public void Add(string name, TimeSpan duration, bool failed, bool isSlow)
    {
        _tests++;
        _failed += failed ? 1 : 0;
        _last = name;
        if (duration > QuickMax && !isSlow)
        {
            _misplaced.Add(string.Create(
                CultureInfo.InvariantCulture, $"{duration.TotalSeconds:F0} s: {name}"));
        }
    }

    /// <summary>Counts a test that cannot run here.</summary>
    public void AddSkipped(string? reason)
    {
        string text = reason?.Trim() is { Length: > 0 } given ? given : "no reason given";
        _skipped[text] = _skipped.GetValueOrDefault(text) + 1;
    }

    /// <summary>One line: the time, the tests that have ended, the last of them.</summary>
    public string Line() => _tests == 0
        ? string.Create(CultureInfo.InvariantCulture, $"  {_watch.Elapsed:m\\:ss} starting")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"  {_watch.Elapsed:m\\:ss} {Project}: {_tests} tests, {_failed} failed; "
                + $"last {_last}");

    /// <summary>
    /// What is left to say at the end: why tests were skipped, and which tests make the quick
    /// filter slow.
    /// </summary>
    public IEnumerable<string> Notes() =>
    [
        .. _skipped.Select(entry => $"  {Project}: {entry.Value} skipped: {entry.Key}"),
        .. _misplaced.Select(test => string.Create(
            CultureInfo.InvariantCulture,
            $"  {Project}: longer than {QuickMax.TotalSeconds} s, not in category Slow: {test}")),
    ];
}
