using Reactor.Diagnostics;

namespace Reactor;

/// <summary>
/// Adding instruments to a loop. Members of <see cref="EventLoop"/>, declared in the room that they
/// belong to.
/// </summary>
/// <remarks>
/// Loop thread only, or while the loop does not run. A loop without instruments pays one test of a
/// field at each place that could tell one something.
/// </remarks>
public static class LoopInstruments
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Has an instrument told what the loop does from now on; the steps of tasks from the next
        /// turn on. One that is there already stays once (trio: <c>add_instrument</c>).
        /// </summary>
        /// <param name="instrument">Any number of them may listen; they are told in order.</param>
        public void AddInstrument(ILoopInstrument instrument)
        {
            ArgumentNullException.ThrowIfNull(instrument);
            LoopInspector.CheckThread(loop);
            (loop.Instruments ??= new InstrumentSet(loop)).Add(instrument);
        }

        /// <summary>
        /// Tells an instrument nothing more (trio: <c>remove_instrument</c>).
        /// </summary>
        /// <returns>False if it was not there.</returns>
        public bool RemoveInstrument(ILoopInstrument instrument)
        {
            ArgumentNullException.ThrowIfNull(instrument);
            LoopInspector.CheckThread(loop);
            if (loop.Instruments?.Remove(instrument) != true)
            {
                return false;
            }

            if (loop.Instruments.IsEmpty)
            {
                loop.Instruments = null;
            }

            return true;
        }
    }
}
