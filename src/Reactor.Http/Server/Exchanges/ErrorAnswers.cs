using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The responses that the server makes when something is wrong: the page of the application or the
/// default one, with the fields of the error. The server's own words contain no byte of the
/// request, and details only in development.
/// </summary>
/// <remarks>Loop thread only. Sends nothing.</remarks>
internal static class ErrorAnswers
{
    /// <summary>Answers what cannot be served; the connection then ends.</summary>
    public static void Refuse(RequestContext request, Rejection reason)
    {
        request.Writer.EndConnection();
        Write(request, OfRejection(request, reason));
    }

    /// <summary>
    /// Writes a response that the server makes; if it cannot be prepared, 500 takes its place.
    /// </summary>
    public static void Write(RequestContext request, Response response)
    {
        try
        {
            request.Writer.Write(response);
        }
        catch (Exception error)
        {
            request.Server.Lines.AnswerFailed(
                request.Pattern, response.Status, request.Channel.Loop, error);
            request.Writer.OnPrepare = null;
            request.Writer.Write(OfFault(request, error));
        }
    }

    /// <summary>Only the status and its phrase, and the fields that belong to it.</summary>
    public static Response OfStatus(
        RequestContext request, int status, ResponseHeaders? fields = null) =>
        Make(request, Describe(request, status, fields: fields));

    /// <summary>503 for overload or shutdown, with Retry-After.</summary>
    public static Response Unavailable(RequestContext request, Exception? error = null) =>
        Make(request, Describe(request, 503, fields: RetryAfter(request), error: error));

    private static Response OfRejection(RequestContext request, Rejection reason)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        string detail = request.Server.Options.DevMode
            ? $"{info.Sentence} ({info.Id}, {info.Clause})"
            : info.Sentence;
        ResponseHeaders? fields = reason == Rejection.BodyNoRoom ? RetryAfter(request) : null;
        return Make(request, Describe(request, info.Status, detail, fields, reason));
    }

    /// <summary>500 for a failure of the handler.</summary>
    public static Response OfException(RequestContext request, Exception error) =>
        Make(request, Describe(request, 500, error: error));

    /// <summary>The response that an exception is.</summary>
    public static Response OfFailure(RequestContext request, HttpException failure)
    {
        if (failure.Status >= 400)
        {
            return Make(request, Describe(
                request, failure.Status, failure.Detail, failure.HeadersOrNull, error: failure));
        }

        var redirect = new Response(failure.Status);
        if (failure.HeadersOrNull is { } fields)
        {
            redirect.Headers.Override(fields);
        }

        return redirect;
    }

    /// <summary>500 when the response to another error could not be written.</summary>
    private static Response OfFault(RequestContext request, Exception fault)
    {
        ErrorContext error = Describe(request, 500, error: fault);
        return MakeDefault(request, error);
    }

    private static ErrorContext Describe(
        RequestContext request,
        int status,
        string? detail = null,
        ResponseHeaders? fields = null,
        Rejection rejection = Rejection.None,
        Exception? error = null)
    {
        RequestHead? head = request.Writer.HasHead ? request.Head : null;
        return new ErrorContext
        {
            Status = status,
            Detail = detail,
            Format = head is null ? ErrorFormat.Text : DefaultErrorPage.FormatFor(head),
            Rejection = rejection,
            Head = head,
            Connection = request.Channel.Connection,
            Exception = error,
            Errors = (error as HttpException)?.Errors,
            Fields = fields,
        };
    }

    private static Response Make(RequestContext request, in ErrorContext error) =>
        TryMakeCustom(request, error) ?? MakeDefault(request, error);

    private static Response MakeDefault(RequestContext request, in ErrorContext error) => Finish(
        request, DefaultErrorPage.Make(error, request.Server.Options.DevMode), error);

    private static Response? TryMakeCustom(RequestContext request, in ErrorContext error)
    {
        if (request.Endpoint?.ErrorPage is not { } page)
        {
            return null;
        }

        try
        {
            Response? custom = page(error);
            if (custom is null)
            {
                return null;
            }

            if (custom.GetType() != typeof(Response) || custom.Status < 400)
            {
                throw new InvalidOperationException(
                    "The page of an error is whole in memory and has a status of 400 or above.");
            }

            Finish(request, custom, error);
            ResponseRules.Require(custom, request.Server.Heads.Defaults);
            return custom;
        }
        catch (Exception thrown)
        {
            request.Server.Lines.ErrorPageThrew(
                request.Pattern, error.Status, request.Channel.Loop, thrown);
            return null;
        }
    }

    /// <summary>Adds what belongs to the error, whatever its page is.</summary>
    private static Response Finish(
        RequestContext request, Response page, in ErrorContext error)
    {
        if (error.Head is not null)
        {
            // Also for a request without Accept: caches must know (RFC 9110 12.5.5).
            request.Server.Heads.Defaults.AddVary(page.Headers, "Accept");
        }

        if (error.Fields is { } fields)
        {
            page.Headers.Override(fields);
        }

        return page;
    }

    private static ResponseHeaders RetryAfter(RequestContext request)
    {
        var fields = new ResponseHeaders();
        fields.SetRetryAfter(request.Server.Options.Overload.RetryAfter);
        return fields;
    }
}
