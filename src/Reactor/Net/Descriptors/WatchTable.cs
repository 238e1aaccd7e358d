using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// The callbacks for foreign descriptors: at most one for reading and one for writing each.
/// </summary>
/// <remarks>
/// Loop thread only. By number, as handles of one descriptor mean one file; the watch holds the
/// handle open, so the number is not reused.
/// </remarks>
internal sealed class WatchTable
{
    private static readonly ConditionalWeakTable<EventLoop, WatchTable> s_tables = [];

    private readonly Dictionary<nint, Entry> _entries = [];

    private WatchTable()
    {
    }

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
    /// The work that the driver posts in each turn while a descriptor is ready. If the callback is
    /// replaced before it runs, the event is dropped.
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
