// Mistakes that somebody could make in the parser, each as an edit of its source.
//
// The old text must stand in the file exactly once: when the code changes, the list must too.
namespace Reactor.Http.Tests.Proof;

/// <summary>One edit of one file.</summary>
public sealed record PlantedBug(string Name, string File, string Old, string New)
{
    private const string Fields = "FieldScanner.cs";
    private const string Line = "RequestLineScanner.cs";
    private const string Chunk = "ChunkLineScanner.cs";
    private const string Body = "BodyDecoder.cs";
    private const string Frame = "Framing.cs";
    private const string Rules = "RequestRules.cs";
    private const string Host = "Authority.cs";

    public static readonly PlantedBug[] All =
    [
        // Line ends.
        new("a bare LF ends a field", Fields,
            "if (b != Grammar.Cr)\n", "if (b != Grammar.Cr && b != Grammar.Lf)\n"),
        new("the byte behind CR is not looked at in a field", Fields,
            "return data[cr + 1] == Grammar.Lf", "return data[cr + 1] != 0xFF"),
        new("the byte behind CR is not looked at in the empty line", Fields,
            "if (!EndsWithCrLf(data, _lineStart))", "if (_lineStart + 1 >= data.Length)"),
        new("a bare LF is an empty line before a request", Line,
            "            byte b = data[_next];\n            if (b != Grammar.Cr)",
            "            byte b = data[_next];\n            if (b == Grammar.Lf) { _next++; "
                + "continue; }\n            if (b != Grammar.Cr)"),
        new("any number of empty lines before a request", Line,
            "if (_emptyLines == emptyLinesMax)", "if (_emptyLines == -1)"),
        new("the byte behind CR is not looked at in a chunk line", Chunk,
            "if (b != Grammar.Lf || !EndLine(limits))", "if (!EndLine(limits))"),
        new("a bare LF ends a chunk line", Chunk,
            "            Grammar.Cr => GoTo(Place.LineFeed),",
            "            0x80 => GoTo(Place.LineFeed),"),
        new("a line feed in an extension is read over", Chunk,
            "        if (b == Grammar.Lf)\n        {\n            return Reject("
                + "Rejection.BareLineFeed);\n        }\n\n        if (b == Grammar.Cr)",
            "        if (b == Grammar.Lf)\n        {\n            return true;\n        }\n\n"
                + "        if (b == Grammar.Cr)"),

        // The request line.
        new("a tab separates", Line,
            "Grammar.Space when end > _lineStart =>",
            "Grammar.Space or Grammar.Tab when end > _lineStart =>"),
        new("an empty method", Line,
            "Grammar.Space when end > _lineStart =>", "Grammar.Space =>"),
        new("a whole line with a method of any length", Line,
            "method > limits.MethodBytesMax ||", "method > 99 ||"),
        new("a whole line without a method", Line, "method is 0 ||", "method < 0 ||"),
        new("a whole line as long as it likes", Line,
            "if (end + VersionTailBytes > limits.RequestLineBytesMax", "if (end < 0"),
        new("a whole line with any minor version", Line,
            "StartsWith(\" HTTP/1.1\\r\\n\"u8)", "StartsWith(\" HTTP/1.\"u8)"),
        new("any major version", Line,
            "if (rest[VersionSyntax.MajorAt] != (byte)'1')", "if (rest.IsEmpty)"),
        new("a version in any case of letters", "Grammar.cs",
            "_ => text[i] == shape[i],", "_ => (text[i] & 0xDF) == (shape[i] & 0xDF),"),
        new("a backslash in a path", "Grammar.cs",
            "[]^_abcdefghijklmnopqrstuvwxyz|~\"u8);",
            "[\\\\]^_abcdefghijklmnopqrstuvwxyz|~\"u8);"),
        new("a number sign in a query", "Grammar.cs",
            "abcdefghijklmnopqrstuvwxyz{|}~\"u8);", "abcdefghijklmnopqrstuvwxyz{|}~#\"u8);"),
        new("a query in two pieces begins anew", Line,
            "            _place = Place.Query;\n", ""),
        new("a method of 33 bytes", Line,
            "_lineStart + methodBytesMax + 1);", "_lineStart + methodBytesMax + 2);"),
        new("an asterisk for every method", "RequestTarget.cs",
            "line.Method == KnownMethod.Options ? Rejection.None : Rejection.TargetForm",
            "Rejection.None"),
        new("a path without its slash", "RequestTarget.cs",
            "[line.TargetStart] == (byte)'/'", "[line.TargetStart] is (byte)'/' or (byte)'a'"),

        // Fields.
        new("a space before the colon is taken", Fields,
            "        byte b = data[end];\n        if (b == (byte)':'",
            "        if (data[end] == ' ' && data[^1] != ' ') { end++; }\n"
                + "        byte b = data[end];\n        if (b == (byte)':'"),
        new("a folded line is a field", Fields,
            "if (Grammar.IsWhitespace(b))", "if (b == Grammar.Tab)"),
        new("an empty field name", Fields,
            "if (b == (byte)':' && end > _lineStart)", "if (b == (byte)':')"),
        new("NEL is whitespace", "Grammar.cs",
            "b is Space or Tab;", "b is Space or Tab or 0x85;"),
        new("values are not trimmed at their ends", Fields,
            "while (end > start && data[end - 1] <= Grammar.Space)", "while (end < start)"),
        new("control characters in values", "Grammar.cs",
            "\\u001B\\u001C\\u001D\\u001E\\u001F", ""),
        new("a field too many", Fields,
            "if (head.Count >= FieldsMax)", "if (head.Count > FieldsMax)"),
        new("requests are as tolerated as responses", "HeadParser.cs",
            "bool isTolerant = false", "bool isTolerant = true"),
        new("an empty line in a request ends with LF alone", Fields,
            "(b == Grammar.Lf && _isTolerant)", "b == Grammar.Lf"),
        new("a field line of one byte too many", Fields,
            "_lineStart + _limits.FieldLineBytesMax + 1;",
            "_lineStart + _limits.FieldLineBytesMax + 2;"),

        // Whole lines, which are searched by vectors.
        new("a whole line too many", Fields, "|| --left < 0)", "|| --left < -1)"),
        new("a whole line of any length", Fields,
            " || end - start > lineBytesMax", ""),
        new("a whole line without a name", Fields, " || colon == start", ""),
        new("a whole line ends with CR and anything", "LineSearch.cs",
            "Unsafe.Add(ref octet, 1) == Grammar.Lf", "Unsafe.Add(ref octet, 1) != 0xFF"),
        new("DEL in a whole line", "LineSearch.cs",
            "(octets + Vector256<byte>.One).AsSByte(), Vector256.Create((sbyte)0x21))",
            "octets.AsSByte(), Vector256.Create((sbyte)0x20))"),
        new("a space is a tchar", "Grammar.cs", "\"!#$%&'*+-.^", "\" !#$%&'*+-.^"),
        new("octets above ASCII are in every set", "OctetSet.cs",
            "64, 128, 0, 0, 0, 0, 0, 0, 0, 0), octets",
            "64, 128, 1, 2, 4, 8, 16, 32, 64, 128), octets"),

        // Meaning.
        new("the second Host counts", Rules,
            "KnownHeader.Host => Rejection.HostRepeated,", "KnownHeader.Host => Rejection.None,"),
        new("HTTP/1.1 without Host", Rules,
            "if (!old && !_head.Contains(KnownHeader.Host))", "if (_head.Count < 0)"),
        new("an authority beside another Host", Rules,
            "AuthorityPlace.Length > 0", "AuthorityPlace.Length > 99"),
        new("every port is the same", Host,
            "return TakePort(ref one, defaultPort) == TakePort(ref other, defaultPort)\n",
            "return TakePort(ref one, defaultPort) + TakePort(ref other, defaultPort) > 0\n"),
        new("the port of https is 80", "RequestTarget.cs", "? 443 : 80", "? 80 : 80"),
        new("an escaped reserved octet is that octet", Host,
            "if (isEscape && !Grammar.IsUnreserved((byte)octet))", "if (isEscape && octet > 127)"),
        new("letters of a host have a case beside a port", Host,
            "? octet | 0x20 : octet;", "? octet : octet;"),
        new("two lengths", Rules,
            "KnownHeader.ContentLength => Rejection.LengthRepeated,",
            "KnownHeader.ContentLength => Rejection.None,"),
        new("a length beside a coding", Rules,
            "if (_head.Contains(KnownHeader.ContentLength))", "if (_head.ContentLength > 99)"),
        new("a coding in HTTP/1.0", Rules,
            "        if (old)\n", "        if (old && _head.Count > 99)\n"),
        new("any expectation", Rules,
            "return Rejection.ExpectationUnknown;", "return Rejection.None;"),
        new("an empty expectation is one", Rules,
            "            if (!expectation.IsEmpty)\n",
            "            _expects = true;\n            if (!expectation.IsEmpty)\n"),
        new("empty expectations without bound", Rules,
            "else if (++empty > _emptyElementsMax)", "else if (++empty > 99)"),
        new("an offer to switch with a body", Rules,
            "_options.Upgrade && !hasBody && ", "_options.Upgrade && "),
        new("close is not obeyed", Frame, "!Close && (", "("),
        new("an empty host", Host, "if (hostEnd <= from)", "if (hostEnd < from)"),
        new("a port above 65535", Host, " && port <= PortMax;", ";"),
        new("a second Host beside no other rule", "MessageHead.cs",
            " && (_repeated & (1UL << (int)one)) == 0", ""),
        new("a zone in an IPv6 literal", Host,
            "            && s_ipv6.NextOutside(text, 0) == text.Length\n", ""),

        // Framing.
        new("a sign before a length", Frame,
            "if (value.IsEmpty)",
            "value = value.TrimStart((byte)'+');\n        if (value.IsEmpty)"),
        new("an empty length", Frame,
            "        if (value.IsEmpty)\n        {\n            return Rejection.LengthInvalid;",
            "        if (value.IsEmpty)\n        {\n            return Rejection.None;"),
        new("a leading zero", Frame, "if (value[0] == (byte)'0' && value.Length > 1)",
            "if (value[0] == (byte)'0' && value.Length > 9)"),
        new("a length wraps", Frame,
            "if (sum > (long.MaxValue - digit) / 10)", "if (sum < 0)"),
        new("a coding that begins with chunked", Frame,
            "if (Ascii.EqualsIgnoreCase(value, \"chunked\"u8))",
            "if (Ascii.EqualsIgnoreCase(value[..Math.Min(7, value.Length)], \"chunked\"u8))"),
        new("commas round chunked", Frame,
            "if (Ascii.EqualsIgnoreCase(value, \"chunked\"u8))",
            "if (Ascii.EqualsIgnoreCase(value.Trim((byte)','), \"chunked\"u8))"),

        // Chunks.
        new("a chunk size of any length", Chunk,
            "++_digits <= limits.ChunkSizeDigitsMax", "++_digits <= 99"),
        new("no chunk size is 0", Chunk, "_ when _digits == 0", "_ when _digits < 0"),
        new("an x in a chunk size", "Grammar.cs",
            "return (uint)letter <= 5 ? letter + 10 : -1;",
            "return b == 'x' ? 0 : (uint)letter <= 5 ? letter + 10 : -1;"),
        new("a bare semicolon", Chunk,
            "bool mayEnd = _place is Place.Name or", "bool mayEnd = _place is Place.AfterSemicolon"
                + " or Place.Name or"),
        new("a space before the end of a chunk line", Chunk,
            "bool mayEnd = _place is Place.Name or", "bool mayEnd = _place is Place.BeforeSemicolon"
                + " or Place.Name or"),
        new("extensions without bound", Chunk,
            "if (++_lineExtensionBytes > limits.ChunkExtensionLineBytesMax)",
            "if (++_lineExtensionBytes > 99999)"),
        new("the excess of extensions is forgotten", Chunk,
            "Math.Max(0, _excess + _line", "Math.Max(0, _line"),
        new("chunk data ends with any two bytes", Body,
            "if (b != wanted)\n", "if (b != wanted && _place is not (Place.ChunkCr or Place."
                + "ChunkLf))\n"),
        new("the body ends behind the last chunk line", Body,
            "_place = _left == 0 ? Place.TrailerStart : Place.ChunkData;",
            "_place = _left == 0 ? Place.Done : Place.ChunkData;"),
        new("a chunk as large as it likes", Body,
            "if (_left > _bytesMax - ContentBytes)", "if (_left > long.MaxValue - ContentBytes)"),
        new("the limit counts each chunk alone", Body,
            "        ContentBytes += length;\n        _place = _left", "        _place = _left"),
        new("a short run of content is lost", "ContentRuns.cs",
            "            Flush();\n            if (run",
            "            _count = 0;\n            if (run"),
        new("the rest of the content is not written", Body, "        content.Flush();\n", ""),
        new("the bound on chunks is not kept", Body,
            "_place == Place.ChunkLine && _chunksLeft == 0", "_place == Place.ChunkLine && "
                + "_chunksLeft < -9"),
        new("a length beyond the limit", Body,
            "contentLength > bodyBytesMax:", "contentLength > bodyBytesMax + 1:"),
        new("forbidden trailers are kept", "TrailerSection.cs",
            "RemoveFields(IsForbidden)", "RemoveFields(_ => false)"),
        new("a name that may not be a trailer is forgotten", "TrailerSection.cs",
            " or XForwardedHost", ""),
        new("trailers of the last body stay", Body,
            "        Trailers.Reset();\n        _line", "        _line"),

        // Memory of what was seen, which only a split shows.
        new("a CR at the end of a piece is forgotten", Line,
            "            if (_next + 1 == data.Length)\n            {\n",
            "            if (_next + 1 == data.Length)\n            {\n                _next++;\n"),
        new("a name in two pieces begins anew", Fields,
            "Only the limits and the end of input end a window.\");\n        _next = end;",
            "Only the limits and the end of input end a window.\");\n        _next = end;\n"
                + "        _lineStart = _place == Place.Name ? end : _lineStart;"),
        new("pieces of a head are lost", "HeadParser.cs",
            "if (head.Length <= _seen)", "if (head.Length <= _seen + 1)"),
        new("a second head begins with the fields of the first", "HeadParser.cs",
            "            head.Reset();\n", "            _ = head;\n"),
        new("a length in a chunk is read byte by byte anew", Chunk,
            "public void BeginLine() => Size = 0;", "public void BeginLine() => _digits = 0;"),
    ];

    public override string ToString() => Name;
}
