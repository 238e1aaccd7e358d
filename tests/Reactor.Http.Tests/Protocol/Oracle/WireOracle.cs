// The other opinion: a reader of requests written from the ABNF of RFC 9112 and RFC 9110, with the
// strict choices that this server promises, slow and obvious. It shares no code with the parser and
// sees the whole input at once.
//
// It speaks `WireTrace`. Where it refuses, it gives the class of the fault (the first word of the
// id) and the status, or several where it is a matter of order which of them is named. Limits that
// count more than a few bytes are not its business: `BytesMax` keeps its inputs below them.
using System.Buffers;
using System.Globalization;
using System.Text;
using Reactor.Testing;

namespace Reactor.Http.Tests.Oracle;

/// <summary>An independent reader of a connection's input. Reusable; one thread.</summary>
public sealed class WireOracle
{
    /// <summary>The longest input it is asked about: no limit on bytes can be reached.</summary>
    public const int BytesMax = 2000;

    private readonly OracleInput _input = new();
    private readonly OracleHead _head;
    private readonly OracleFields _trailers;
    private readonly WireTrace _trace = new();

    public WireOracle()
    {
        _head = new OracleHead(_input);
        _trailers = new OracleFields(_input);
    }

    /// <summary>Null when the parser's trace is right; else what is wrong with it.</summary>
    public string? Objection(byte[] octets, WireTrace actual)
    {
        _input.Begin(octets);
        _trace.Clear();
        if (!_input.HasMore)
        {
            _trace.Line("idle"u8);
        }

        while (_input.HasMore && Message())
        {
        }

        bool same = _input.Faults.Count == 0
            ? actual.RejectionId is null && actual.Text.SequenceEqual(_trace.Text)
            : _input.Faults.Any(fault => Names(fault, actual))
                && actual.TextBeforeRejection.SequenceEqual(_trace.Text);
        return same ? null : $"input {Shown(octets)}\noracle:\n{_trace}"
            + $"{string.Join(" or ", _input.Faults)}\nparser:\n{actual}";
    }

    // False when nothing more is read.
    private bool Message()
    {
        if (!_head.Read(_trace))
        {
            if (_input.Ended)
            {
                _trace.Line("needs head"u8);
            }

            return false;
        }

        bool body = Body();
        if (!body)
        {
            _trace.EndContent();
            if (_input.Ended)
            {
                _trace.Line("needs body"u8);
            }

            return false;
        }

        if (!_head.Persists)
        {
            _trace.Line("closed"u8);
        }
        else if (!_input.HasMore)
        {
            _trace.Line("idle"u8);
        }

        return _head.Persists;
    }

    private bool Body()
    {
        const long Most = 1 << 20;
        if (_head.Length > Most)
        {
            return _input.Fault("BODY", 413);
        }

        if (!_head.IsChunked)
        {
            long length = Math.Max(0, _head.Length);
            bool whole = Content(length) || _input.End();
            _trace.EndContent();
            return whole;
        }

        for (long left = Most; ;)
        {
            if (!ChunkLine(out long size))
            {
                return false;
            }

            if (size > left)
            {
                return _input.Fault("BODY", 413);
            }

            left -= size;
            if (size == 0)
            {
                return Trailers();
            }

            if (!Content(size))
            {
                return _input.End();
            }

            foreach (char wanted in "\r\n")
            {
                if (!_input.HasMore)
                {
                    return _input.End();
                }

                if (_input.Next != wanted)
                {
                    return _input.Fault("CHUNK");
                }

                _input.At++;
            }
        }
    }

    private bool Content(long size)
    {
        ReadOnlySpan<byte> data = _input.Take((int)Math.Min(size, int.MaxValue / 2));
        _trace.Content(new ReadOnlySequence<byte>(data.ToArray()));
        return data.Length == size;
    }

    private bool Trailers()
    {
        if (!_trailers.Read(16, "TRAILER"))
        {
            return false;
        }

        _trace.EndContent();
        _trailers.TellTrailers(_trace);
        return true;
    }

    // 1*8HEXDIG *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ) CRLF
    private bool ChunkLine(out long size)
    {
        size = 0;
        int start = _input.At;
        while (_input.HasMore && OracleInput.IsHexDigit(_input.Next))
        {
            _input.At++;
        }

        if (_input.At - start > 8)
        {
            return _input.Fault("CHUNK");
        }

        if (_input.At == start)
        {
            return Wrong();
        }

        size = long.Parse(
            Encoding.ASCII.GetString(_input.From(start)), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture);
        int extensions = _input.At;
        while (_input.HasMore && _input.Next != '\r')
        {
            bool extension = Extension();
            if (_input.At - extensions > 256)
            {
                // The limit comes before whatever else is wrong with the rest.
                return _input.Only("CHUNK");
            }

            if (!extension)
            {
                return false;
            }
        }

        return _input.HasMore ? _input.CrLf() : _input.End();
    }

    private bool Extension()
    {
        if (!Whitespace() || !Octet(';') || !Whitespace() || !Token())
        {
            return false;
        }

        int afterName = _input.At;
        if (!Whitespace())
        {
            return false;
        }

        if (_input.HasMore && _input.Next != '=')
        {
            _input.At = _input.Next == ';' ? afterName : _input.At;
            return (_input.Next is (byte)';' or (byte)' ' or (byte)'\t' || _input.At == afterName)
                || Wrong();
        }

        if (!_input.HasMore)
        {
            return _input.End();
        }

        _input.At++;
        return Whitespace() && (_input.HasMore && _input.Next == '"' ? Quoted() : Token());
    }

    private bool Whitespace()
    {
        int start = _input.At;
        while (_input.HasMore && _input.Next is (byte)' ' or (byte)'\t')
        {
            _input.At++;
        }

        return _input.At - start <= 4 || _input.Fault("CHUNK");
    }

    private bool Octet(char wanted)
    {
        if (!_input.HasMore || _input.Next != wanted)
        {
            return Wrong();
        }

        _input.At++;
        return true;
    }

    private bool Token()
    {
        int start = _input.At;
        while (_input.HasMore && OracleInput.IsTchar(_input.Next))
        {
            _input.At++;
        }

        return _input.At > start || Wrong();
    }

    private bool Quoted()
    {
        _input.At++;
        while (_input.HasMore && _input.Next != '"')
        {
            _input.At += _input.Next == '\\' ? 1 : 0;
            if (!_input.HasMore)
            {
                return _input.End();
            }

            if (_input.Next is 0x7F or (< 0x20 and not (byte)'\t'))
            {
                return Wrong();
            }

            _input.At++;
        }

        return Octet('"');
    }

    private bool Wrong() =>
        !_input.HasMore ? _input.End() : _input.Fault(_input.Next == '\n' ? "LINE" : "CHUNK");

    private static bool Names(OracleFault fault, WireTrace actual) =>
        actual.RejectionId is { } id
        && id.StartsWith(fault.Class + "-", StringComparison.Ordinal)
        && (fault.Status == 0 || fault.Status == actual.RejectionStatus);

    private static string Shown(byte[] octets)
    {
        var trace = new WireTrace();
        trace.Line("is"u8, octets);
        return trace.ToString();
    }
}
