// One parser against the oracle, over many inputs; the first few objections are kept.
using System.Buffers;
using Reactor.Testing;

namespace Reactor.Http.Tests.Oracle;

/// <summary>Compares a parser with the oracle. One thread.</summary>
public sealed class OracleRun(IWireParser parser)
{
    private const int ObjectionsMax = 5;
    private readonly WireOracle _oracle = new();
    private readonly WireTrace _trace = new();
    private readonly ReadOnlySequence<byte>[] _whole = new ReadOnlySequence<byte>[1];

    public List<string> Objections { get; } = [];

    /// <summary>All strings of a length in a slot; false after the first objection.</summary>
    public bool Check(Slot slot, byte[] alphabet, int length)
    {
        foreach (byte[] octets in HostileStrings.Fill(slot, alphabet, length))
        {
            Check(octets);
            if (Objections.Count == ObjectionsMax)
            {
                break;
            }
        }

        return Objections.Count == 0;
    }

    public void Check(byte[] octets)
    {
        _whole[0] = new ReadOnlySequence<byte>(octets);
        parser.Run(_whole, _trace);
        if (_oracle.Objection(octets, _trace) is { } objection)
        {
            Objections.Add(objection);
        }
    }
}
