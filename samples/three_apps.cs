#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// A program of three applications in another one. The shop and the API have a prefix, the status
// page a host; each has its own state, middleware and error page. What the outer application has,
// here the stock, all of them see. Ctrl+C ends it.
//
// Expected output:
//   The stock is open.
//   Server started at http://127.0.0.1:8000...
//   Press Ctrl+C to stop.
//   The shop had 2 requests.
//   The stock is closed.
// Server: http://127.0.0.1:8000
// GET /shop/ → <h1>Buy tea or nuts</h1>
// GET /shop/gold → 404 <h1>404: not in this shop</h1>
// GET /api/stock/tea → 7
// GET /api/stock/gold → 404 404: There is no such item.
// GET http://localhost:8000/ → The shop had 2 requests, the API 2.
// GET / → 404 404: Not Found
using Reactor;
using Reactor.Http;

AppKey<Dictionary<string, int>> stock = new("stock");
AppKey<Counter> counter = new("counter");

Application app = new(), shop = Shop(), api = Api();
app.CleanupContexts.Add(OpenStock);
app.Mount("/shop", shop);
app.Mount("/api", api);
app.Host("localhost").Get("/", _ => Response.Text(
    $"The shop had {Requests(shop)} requests, the API {Requests(api)}."));
app.Run("127.0.0.1", 8000);

Application Shop()
{
    var shop = new Application();
    shop.ErrorPage = (in error) =>
        Response.Html($"<h1>{error.Status}: not in this shop</h1>", error.Status);
    shop.State.Set(counter, new Counter());
    shop.Use(Count);
    shop.Get("/", request => Response.Html(
        $"<h1>Buy {string.Join(" or ", request.GetApplication().State.Get(stock).Keys)}</h1>"));
    shop.OnCleanup.Add(async _ => Console.WriteLine($"The shop had {Requests(shop)} requests."));
    return shop;
}

Application Api()
{
    var api = new Application();
    api.State.Set(counter, new Counter());
    api.Use(Count);
    api.Group("/stock").Get("/{item:alpha}", request =>
        request.GetApplication().State.Get(stock).TryGetValue(request.MatchInfo["item"], out int n)
            ? Response.Text($"{n}")
            : throw HttpException.NotFound("There is no such item."));
    return api;
}

// Runs around every handler of the shop and the API, and around their 404.
Coroutine<Response> Count(Request request, Handler next)
{
    request.GetApplication().State.Get(counter).Requests++;
    return next(request);
}

int Requests(Application application) => application.State.Get(counter).Requests;

// What stands before the yield runs before the start, what stands after it at the end.
async IAsyncEnumerable<Unit> OpenStock(Application outer)
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.1)); // A database would take as long.
    outer.State.Set(stock, new() { ["tea"] = 7, ["nuts"] = 3 });
    Console.WriteLine("The stock is open.");
    yield return default;
    Console.WriteLine("The stock is closed.");
}

internal sealed class Counter { public int Requests { get; set; } }
