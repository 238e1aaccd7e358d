// What README shows first, written in F#: a user of F# sees what the library declares as members,
// and no member that only C# 14 knows (extension members of a type). It must compile and run.

namespace FSharp.Tests

open System
open System.Net.Http
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open NUnit.Framework
open Reactor
open Reactor.Http
open Reactor.Http.OpenApi
open Reactor.Http.Testing
open Reactor.Net
open Reactor.Simulation

[<TestFixture>]
type FirstPageTests() =

    static let slow (n: int) = task {
        do! EventLoop.Delay(TimeSpan.FromSeconds 1.0)
        return n }

    static let virtualTime () = EventLoopOptions(Driver = new InMemoryDriver())

    [<Test>]
    member _.Three_operations_of_a_second_each_take_one_second() =
        let run = fun () -> task {
            let futures = [ for n in 1..3 -> EventLoop.Ensure(slow n) ]
            let! struct (ended, _) = EventLoop.Wait futures
            return Seq.sumBy (fun (future: Future<int>) -> future.Result) ended,
                EventLoop.Current.Time }
        let sum, time = EventLoop.Run(run, virtualTime ())
        Assert.That(sum, Is.EqualTo 6)
        Assert.That(time, Is.EqualTo(TimeSpan.FromSeconds 1.0))

    [<Test>]
    member _.Main_may_have_no_result_and_throws_what_it_threw() =
        Assert.Throws<FormatException>(fun () ->
            EventLoop.Run(fun () -> task {
                do! EventLoop.Yield()
                raise (FormatException()) })) |> ignore

    [<Test>]
    member _.Callbacks_run_in_their_order() =
        use loop = new EventLoop(virtualTime ())
        let order = ResizeArray<string>()
        loop.CallLater(TimeSpan.FromSeconds 2.0, fun () -> loop.Stop()) |> ignore
        loop.CallLater(TimeSpan.FromSeconds 1.0, fun () -> order.Add "timer") |> ignore
        loop.CallSoon(fun () -> order.Add "soon") |> ignore
        loop.RunForever()
        Assert.That(String.Join(" ", order), Is.EqualTo "soon timer")

    [<Test>]
    member _.A_server_in_a_few_lines() =
        let app = Application()
        app.Get("/hello/{name}", fun request -> task {
            do! EventLoop.Yield()
            return Response.Text $"""hello, {request.MatchInfo["name"]}!""" })
        |> ignore
        let body = EventLoop.Run(fun () -> task {
            let http = app.MakeHandler()
            do! http.StartupAsync()
            let! server = EventLoop.Current.CreateServer(http, "127.0.0.1", 0)
            use client = new HttpClient()
            let! body = client.GetStringAsync $"http://{server.EndPoints[0]}/hello/world"
            do! http.ShutdownAsync [| server |]
            return body })
        Assert.That(body, Is.EqualTo "hello, world!")

    [<Test>]
    member _.A_typed_handler_describes_itself() =
        let numbers =
            JsonSerializerOptions.Default.GetTypeInfo typeof<int> :?> JsonTypeInfo<int>
        let app = Application()
        app.Post("/double", numbers, numbers, fun _ number -> 2 * number)
            .Summary "Doubles a number."
        |> ignore
        app.Put("/double", numbers, numbers, fun _ number -> task {
            do! EventLoop.Yield()
            return 2 * number })
        |> ignore
        let document = OpenApiDocument.Create(app, OpenApiInfo("Numbers", "1"))
        Assert.That(document.ToString(), Does.Contain "Doubles a number.")
        use server = new TestServer(app)
        let client = server.CreateClient()
        let four = ClientContent.Json(4, numbers)
        Assert.That(client.Post("/double", four).Text, Is.EqualTo "8")
        Assert.That(client.Put("/double", four).Text, Is.EqualTo "8")
