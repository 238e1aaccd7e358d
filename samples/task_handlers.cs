#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Handlers and middleware that are plain async methods. They await Task.Delay and HttpClient as any
// .NET code does, and resume on the loop's thread, so that the counters need no lock. The report
// asks its own server for all prices at once. Ctrl+C ends it.
//
// Expected output:
//   Server started at http://127.0.0.1:8000...
//   Press Ctrl+C to stop.
//   3 of 8 requests failed; at most 5 ran at once.
// Server: http://127.0.0.1:8000
// GET /prices/tea → 4.50
// GET /prices/gold → 404 404: This is not sold here.
// GET /report?items=tea,nuts,gold,tea → 4.50, 1.20, NotFound, 4.50
// GET /report → 400 400: The query parameter 'items' is missing.
using System.Globalization;
using Reactor.Http;

Dictionary<string, decimal> prices = new() { ["tea"] = 4.50m, ["nuts"] = 1.20m };
using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:8000") };
var (all, failed, running, most) = (0, 0, 0, 0);

var app = new Application();
app.Use(Count);
app.Get("/prices/{item}", Price);
app.Get("/report", Report);
app.Run("127.0.0.1", 8000);
Console.WriteLine($"{failed} of {all} requests failed; at most {most} ran at once.");

// Runs around every handler. An HttpException is a response that is thrown.
async Task<Response> Count(Request request, Handler next)
{
    all++;
    most = Math.Max(most, ++running);
    try
    {
        return await next(request);
    }
    catch (HttpException)
    {
        failed++;
        throw;
    }
    finally
    {
        running--;
    }
}

async Task<Response> Price(Request request)
{
    await Task.Delay(TimeSpan.FromSeconds(0.2)); // A database would take as long.
    return prices.TryGetValue(request.MatchInfo["item"], out decimal price)
        ? Response.Text(price.ToString("F2", CultureInfo.InvariantCulture))
        : throw HttpException.NotFound("This is not sold here.");
}

async Task<Response> Report(Request request)
{
    string[] items = request.Query.Get<string>("items").Split(',');
    return Response.Text(string.Join(", ", await Task.WhenAll(items.Select(Ask))));
}

async Task<string> Ask(string item)
{
    using HttpResponseMessage response = await http.GetAsync(
        $"/prices/{Uri.EscapeDataString(item)}");
    return response.IsSuccessStatusCode
        ? await response.Content.ReadAsStringAsync()
        : $"{response.StatusCode}";
}
