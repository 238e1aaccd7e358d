using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Who wants to hear of the readiness of foreign descriptors: at most one callback for reading and
/// one for writing each, by the number of the descriptor. The driver watches; this table decides
/// whose callback runs.
/// </summary>
/// <remarks>
/// Loop thread only. By number, not by handle object: two handles of one descriptor mean the same
/// file. A number is not given away while it stands here, because the watch holds the handle open.
/// </remarks>
internal sealed class WatchTable
{
    private static readonly ConditionalWeakTable<EventLoop, WatchTable> s_tables = [];

    private readonly Dictionary<nint, Entry> _entries = [];

    private WatchTable()
    {
    }

    /// <summary>The table of a loop.</summary>
    public static WatchTable Of(EventLoop loop) => s_tables.GetValue(loop, static _ => new());

    /// <summary>Sets the callback of one direction; one that was there is cancelled.</summary>
    public void Set(
        LoopDriver driver, SafeHandle handle, DriverReadiness direction, LoopHandle callback)
    {
        nint number = handle.DangerousGetHandle();
        if (!_entries.TryGetValue(number, out Entry? entry))
        {
            entry = new Entry(this, number, driver, handle);
            _entries.Add(number, entry);
        }

        entry.Set(direction, callback);
    }

    /// <summary>Takes the callback of one direction away; false if there is none.</summary>
    public bool Remove(SafeHandle handle, DriverReadiness direction) =>
        _entries.TryGetValue(handle.DangerousGetHandle(), out Entry? entry)
        && entry.Remove(direction);

    /// <summary>One descriptor with its callbacks.</summary>
    private sealed class Entry
    {
        private readonly WatchTable _table;
        private readonly nint _number;
        private readonly DriverWatch _watch;
        private readonly ReadyWork _reader;
        private readonly ReadyWork _writer;

        public Entry(WatchTable table, nint number, LoopDriver driver, SafeHandle handle)
        {
            _table = table;
            _number = number;
            _reader = new ReadyWork(this, DriverReadiness.Read);
            _writer = new ReadyWork(this, DriverReadiness.Write);
            _watch = driver.Watch(handle, _reader, _writer);
        }

        public void Set(DriverReadiness direction, LoopHandle callback)
        {
            ReadyWork work = WorkOf(direction);
            work.Callback?.Cancel();
            work.Callback = callback;
            _watch.Interest |= direction;
        }

        public bool Remove(DriverReadiness direction)
        {
            ReadyWork work = WorkOf(direction);
            if (work.Callback is null)
            {
                return false;
            }

            work.Callback.Cancel();
            work.Callback = null;
            _watch.Interest &= ~direction;
            if (_watch.Interest == DriverReadiness.None)
            {
                _watch.Close();
                _table._entries.Remove(_number);
            }

            return true;
        }

        private ReadyWork WorkOf(DriverReadiness direction) =>
            direction == DriverReadiness.Read ? _reader : _writer;
    }

    /// <summary>
    /// What the driver posts, turn after turn, while a descriptor is ready. Between the posting and
    /// the run its callback may be taken away or replaced: the event was not the new one's, which
    /// has its first turn after the next poll.
    /// </summary>
    private sealed class ReadyWork(Entry entry, DriverReadiness direction) : LoopWork
    {
        private bool _isStale;

        public LoopHandle? Callback
        {
            get;
            set
            {
                field = value;
                _isStale = IsQueued;
            }
        }

        /// <inheritdoc/>
        public override void Run()
        {
            if (_isStale)
            {
                _isStale = false;
            }
            else if (Callback is { IsCancelled: true })
            {
                entry.Remove(direction);
            }
            else
            {
                Callback?.Run();
            }
        }
    }
}
