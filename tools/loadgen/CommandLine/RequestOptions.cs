using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>The request: method, fields, body, and what its response must be.</summary>
internal sealed class RequestOptions : OptionGroup
{
    /// <summary>
    /// Maximum length of a body: pipelined copies of it wait in memory on each connection.
    /// </summary>
    public const int BodyBytesMax = 16 * 1024 * 1024;

    public Option<string> Method { get; } = OptionKinds.One<string>(
        ["--method", "-m", "-X"],
        "NAME",
        "Method: any but CONNECT. [default: GET; POST with a body]",
        "a method such as GET, HEAD or POST",
        (string text, out string method) =>
            FieldRules.IsName(method = text) && text != "CONNECT");

    public Option<IReadOnlyList<RequestField>> Fields { get; } = OptionKinds.Each<RequestField>(
        ["--header", "-H"], "'NAME: VALUE'", "Header field to add.", FieldText.Read);

    public Option<byte[]> Body { get; } = new("--body", "-b")
    {
        Description = "Body as text, or @FILE for the content of a file. Content-Length is added.",
        HelpName = "TEXT|@FILE",
        Arity = new ArgumentArity(1, 100_000),
        CustomParser = ReadBody,
    };

    public Option<IReadOnlyList<int>> ExpectedStatuses { get; } =
        OptionKinds.One<IReadOnlyList<int>>(
            ["--expect-status"],
            "LIST",
            "Statuses of a success, such as 200,304. [default: 200 to 399]",
            "one or more statuses from 200 to 999, such as 200,304",
            TryReadStatuses);

    public Option<Expectation> ExpectedBody { get; } = OptionKinds.One<Expectation>(
        ["--expect-body"],
        "KIND:VALUE",
        "Body of a success: sha256:HEX or contains:TEXT.",
        "sha256: with 64 hexadecimal digits, or contains: with a text",
        TryReadBodyRule);

    public override string Title => "Request";

    public override IReadOnlyList<Option> Options =>
        [Method, Fields, Body, ExpectedStatuses, ExpectedBody];

    public override string? Contradiction(ParseResult parsed) =>
        MethodOf(parsed) == "TRACE" && parsed.Has(Body)
            ? $"{parsed.Typed(Method)} and {parsed.NameOf(Body)} exclude each other: TRACE has no "
                + "body (RFC 9110 9.3.8)."
        : MethodOf(parsed) == "HEAD" && parsed.Has(ExpectedBody)
            ? $"{parsed.Typed(Method)} and {parsed.NameOf(ExpectedBody)} exclude each other: a "
                + "response to HEAD has no body."
        : null;

    /// <summary>The method: as typed, or as curl chooses it.</summary>
    public string MethodOf(ParseResult parsed) =>
        parsed.Or(Method, parsed.Has(Body) ? "POST" : "GET");

    /// <summary>Writes the request.</summary>
    public PreparedRequest RequestOf(ParseResult parsed, TargetUrl url, bool keepAlive)
    {
        ReadOnlyMemory<byte>? body = null;
        if (parsed.Has(Body))
        {
            body = parsed.GetValue(Body)!;
        }

        return PreparedRequest.Make(
            url, MethodOf(parsed), parsed.GetValue(Fields)!, body, keepAlive);
    }

    /// <summary>What a response must be.</summary>
    public Expectation ExpectationOf(ParseResult parsed) =>
        parsed.Or(ExpectedBody, new Expectation()) with
        {
            Statuses = parsed.Or(ExpectedStatuses, []),
        };

    private static byte[] ReadBody(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        if (text is not ['@', .. string path])
        {
            return Encoding.UTF8.GetBytes(text);
        }

        string problem;
        try
        {
            using FileStream file = File.OpenRead(path);
            var body = new byte[BodyBytesMax + 1];
            int length = file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false);
            if (length <= BodyBytesMax)
            {
                return body[..length];
            }

            problem = "is longer than 16 MiB";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or ArgumentException)
        {
            problem = $"could not be read: {error.Message.TrimEnd('.')}";
        }

        result.AddError($"{OptionValues.NameOf(result)}: the file '{path}' {problem}.");
        return [];
    }

    private static bool TryReadStatuses(string text, out IReadOnlyList<int> statuses)
    {
        var read = new List<int>();
        statuses = read;
        foreach (string word in text.Split(','))
        {
            if (!NumberText.TryParseWhole(word, out long status) || status is < 200 or > 999)
            {
                return false;
            }

            read.Add((int)status);
        }

        return true;
    }

    private static bool TryReadBodyRule(string text, out Expectation rule)
    {
        rule = new Expectation();
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        (string kind, string value) = (text[..Math.Max(colon, 0)], text[(colon + 1)..]);
        if (kind == "contains" && value.Length > 0)
        {
            rule = rule with { BodyPart = Encoding.UTF8.GetBytes(value) };
            return true;
        }

        if (kind != "sha256" || value.Length != 64 || !value.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        rule = rule with { BodyHash = Convert.FromHexString(value) };
        return true;
    }
}
