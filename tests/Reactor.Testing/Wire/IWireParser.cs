// A parser of a whole connection's input, as the proofs see it.
//
// The corpus, the oracle and the fuzzer know only this interface and `WireTrace`, neither of which
// names a type of the parser. So the same proofs run against a parser that was compiled a moment
// ago from changed sources, and a test can show that each planted mistake is found.
using System.Buffers;

namespace Reactor.Testing;

/// <summary>Reads request after request of one connection. Reusable; one thread.</summary>
public interface IWireParser
{
    /// <summary>Reads an input from its first byte, and tells what was seen.</summary>
    /// <param name="buffers">
    /// What has arrived, again and again: each has all of the one before it, in the same memory.
    /// </param>
    /// <param name="trace">Is cleared and then filled.</param>
    void Run(IEnumerable<ReadOnlySequence<byte>> buffers, WireTrace trace);
}
