using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Prints progress on a thread of its own, because a slow terminal must not stop the load. A line
/// is dropped while an earlier one is being written. All that a line needs exists before the run,
/// so that progress costs the window next to nothing. Any thread.
/// </summary>
internal sealed class ProgressLines
{
    /// <summary>How long the end of a run waits for the last line.</summary>
    private static readonly TimeSpan s_finishMax = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter _output;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly char[] _line = new char[160]; // the words, and four numbers of any length
    private LoadProgress? _next;
    private bool _isWriting;
    private bool _isOver;

    /// <summary>Starts the thread.</summary>
    public ProgressLines(TextWriter output)
    {
        _output = output;
        _thread = new Thread(WriteAll) { Name = "loadgen-progress", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Prints a line, unless there is no sample yet.</summary>
    public void Write(LoadProgress progress)
    {
        lock (_gate)
        {
            if (progress.P99 is not null && !_isWriting)
            {
                _next = progress;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Ends the thread; waits a moment for a line that is being written.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join(s_finishMax);
    }

    private void WriteAll()
    {
        Format(default); // the runtime makes what it needs for it now, and not in the window
        while (TakeNext() is { } progress)
        {
            int length = Format(progress);
            try
            {
                _output.Write(_line, 0, length);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Standard error is closed or full; the report follows on standard output.
            }
        }
    }

    /// <summary>Waits for a line; null after the last.</summary>
    private LoadProgress? TakeNext()
    {
        lock (_gate)
        {
            _isWriting = false;
            while (_next is null && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            LoadProgress? taken = _next;
            _next = null;
            _isWriting = taken is not null;
            return taken;
        }
    }

    private int Format(LoadProgress progress)
    {
        TimeBound p99 = progress.P99.GetValueOrDefault();
        string bound = p99.IsLowerBound ? ">" : "";
        string time = WrkUnits.Time(p99.Nanoseconds / 1000.0);
        _line.AsSpan().TryWrite(
            CultureInfo.InvariantCulture,
            $"{progress.At.TotalSeconds,4:F0}s {progress.Responses,9} responses/s  "
            + $"p99 so far {bound}{time}  errors {progress.Failed}{Environment.NewLine}",
            out int length);
        return length;
    }
}
