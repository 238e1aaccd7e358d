// Where the oracle stands in its input, and why it stopped.
//
// Every rule of the grammar is a method that gives true and moves on, or gives false. After false
// either `Ended` holds, since more bytes might make the input good, or there is a fault.
namespace Reactor.Http.Tests.Oracle;

/// <summary>A fault: the class that its id begins with, and its status; 0 is any status.</summary>
public readonly record struct OracleFault(string Class, int Status);

/// <summary>A cursor over octets. Reusable; one thread.</summary>
public sealed class OracleInput
{
    private readonly List<OracleFault> _faults = [];
    private byte[] _octets = [];

    public int At { get; set; }

    public bool Ended { get; private set; }

    /// <summary>All that may be said of the input; any one of them is right.</summary>
    public IReadOnlyList<OracleFault> Faults => _faults;

    public bool HasMore => At < _octets.Length;

    public byte Next => _octets[At];

    public void Begin(byte[] octets)
    {
        _octets = octets;
        At = 0;
        Ended = false;
        _faults.Clear();
    }

    public ReadOnlySpan<byte> From(int start) => _octets.AsSpan(start, At - start);

    public ReadOnlySpan<byte> Take(int most)
    {
        int start = At;
        At = Math.Min(_octets.Length, At + most);
        return From(start);
    }

    public bool Fault(string kind, int status = 400)
    {
        _faults.Add(new OracleFault(kind, status));
        return false;
    }

    /// <summary>A fault that came before those that were found.</summary>
    public bool Only(string kind)
    {
        _faults.Clear();
        Ended = false;
        return Fault(kind);
    }

    public bool End()
    {
        Ended = true;
        return false;
    }

    /// <summary>CRLF, where the next octet is known to be CR.</summary>
    public bool CrLf()
    {
        At++;
        if (!HasMore)
        {
            return End();
        }

        return _octets[At++] == '\n' || Fault("LINE");
    }

    /// <summary>What the end of a line in the wrong place is: of CRLF a fault of its own.</summary>
    public bool WrongOctet(string kind) =>
        !HasMore ? End()
        : Next == '\n' ? Fault("LINE")
        : Next == '\r' ? CrLf() && Fault(kind)
        : Fault(kind);

    // RFC 9110 5.6.2
    public static bool IsTchar(byte b) =>
        b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z')
        || IsDigit(b) || "!#$%&'*+-.^_`|~".Contains((char)b);

    public static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    public static bool IsHexDigit(byte b) =>
        IsDigit(b) || b is (>= (byte)'a' and <= (byte)'f') or (>= (byte)'A' and <= (byte)'F');

    public static bool IsToken(string text) =>
        text.Length > 0 && text.All(c => c < 128 && IsTchar((byte)c));
}
