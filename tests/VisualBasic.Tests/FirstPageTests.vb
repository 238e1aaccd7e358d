' What README shows first, written in Visual Basic: its users see what the library declares as
' members, and no member that only C# 14 knows (extension members of a type). It must compile and
' run.

Imports System.Net.Http
Imports System.Text.Json
Imports System.Text.Json.Serialization.Metadata
Imports NUnit.Framework
Imports Reactor
Imports Reactor.Http
Imports Reactor.Http.OpenApi
Imports Reactor.Http.Testing
Imports Reactor.Net
Imports Reactor.Simulation

<TestFixture>
Public Class FirstPageTests

    <Test>
    Public Sub Three_operations_of_a_second_each_take_one_second()
        Dim time As TimeSpan
        Dim sum = EventLoop.Run(
            Async Function()
                Dim futures = Enumerable.Range(1, 3).Select(
                    Function(n) EventLoop.Ensure(Slow(n))).ToArray()
                Dim ended = Await EventLoop.Wait(futures)
                time = EventLoop.Current.Time
                Return ended.Done.Sum(Function(future) future.Result)
            End Function, VirtualTime())
        Assert.That(sum, [Is].EqualTo(6))
        Assert.That(time, [Is].EqualTo(TimeSpan.FromSeconds(1)))
    End Sub

    <Test>
    Public Sub Main_may_have_no_result_and_throws_what_it_threw()
        Assert.Throws(Of FormatException)(
            Sub() EventLoop.Run(
                Async Function()
                    Await EventLoop.Yield()
                    Throw New FormatException()
                End Function))
    End Sub

    <Test>
    Public Sub Callbacks_run_in_their_order()
        Using runs As New EventLoop(VirtualTime())
            Dim order As New List(Of String)
            runs.CallLater(TimeSpan.FromSeconds(2), Sub() runs.Stop())
            runs.CallLater(TimeSpan.FromSeconds(1), Sub() order.Add("timer"))
            runs.CallSoon(Sub() order.Add("soon"))
            runs.RunForever()
            Assert.That(String.Join(" ", order), [Is].EqualTo("soon timer"))
        End Using
    End Sub

    <Test>
    Public Sub A_server_in_a_few_lines()
        Dim app As New Application()
        app.Get("/hello/{name}",
            Async Function(request)
                Await EventLoop.Yield()
                Return Response.Text($"hello, {request.MatchInfo("name")}!")
            End Function)
        Dim body = EventLoop.Run(
            Async Function()
                Dim server = app.MakeHandler()
                Await server.StartupAsync()
                Dim listening = Await EventLoop.Current.CreateServer(server, "127.0.0.1", 0)
                Using client As New HttpClient()
                    Dim text = Await client.GetStringAsync(
                        $"http://{listening.EndPoints(0)}/hello/world")
                    Await server.ShutdownAsync({listening})
                    Return text
                End Using
            End Function)
        Assert.That(body, [Is].EqualTo("hello, world!"))
    End Sub

    <Test>
    Public Sub A_typed_handler_describes_itself()
        Dim numbers = CType(
            JsonSerializerOptions.Default.GetTypeInfo(GetType(Integer)),
            JsonTypeInfo(Of Integer))
        Dim app As New Application()
        app.Post("/double", numbers, numbers, Function(request, number) 2 * number).
            Summary("Doubles a number.")
        app.Put("/double", numbers, numbers,
            Async Function(request, number)
                Await EventLoop.Yield()
                Return 2 * number
            End Function)
        Dim document = OpenApiDocument.Create(app, New OpenApiInfo("Numbers", "1"))
        Assert.That(document.ToString(), Does.Contain("Doubles a number."))
        Using server As New TestServer(app)
            Dim client = server.CreateClient()
            Dim four = ClientContent.Json(4, numbers)
            Assert.That(client.Post("/double", four).Text, [Is].EqualTo("8"))
            Assert.That(client.Put("/double", four).Text, [Is].EqualTo("8"))
        End Using
    End Sub

    Private Shared Async Function Slow(n As Integer) As Task(Of Integer)
        Await EventLoop.Delay(TimeSpan.FromSeconds(1))
        Return n
    End Function

    Private Shared Function VirtualTime() As EventLoopOptions
        Return New EventLoopOptions With {.Driver = New InMemoryDriver()}
    End Function
End Class
