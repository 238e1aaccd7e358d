using Reactor.Diagnostics;

namespace Reactor;

/// <summary>
/// Adds instruments to a loop and removes them. Loop thread only, or while the loop does not run.
/// </summary>
public static class LoopInstruments
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Adds an instrument after the others, once; it sees the steps of tasks from the next turn
        /// on (trio: <c>add_instrument</c>).
        /// </summary>
        public void AddInstrument(ILoopInstrument instrument)
        {
            ArgumentNullException.ThrowIfNull(instrument);
            LoopInspector.CheckThread(loop);
            (loop.Instruments ??= new InstrumentSet(loop)).Add(instrument);
        }

        /// <summary>Removes an instrument (trio: <c>remove_instrument</c>).</summary>
        /// <returns>False if it was not there.</returns>
        public bool RemoveInstrument(ILoopInstrument instrument)
        {
            ArgumentNullException.ThrowIfNull(instrument);
            LoopInspector.CheckThread(loop);
            return loop.Instruments?.Remove(instrument) == true;
        }
    }
}
